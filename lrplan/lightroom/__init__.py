"""The Lightroom Services API over HTTP: reading and writing calls behind the `CatalogService` port."""
