"""What people read: plans, reports and new project files as text. Pure; colours are named here and mixed in `cli`."""
