"""
Plan and apply Adobe Lightroom cloud albums from YAML in git.

The public Python API is `lrplan.workflow`; the map of the packages is docs/design/architecture.md.
"""
