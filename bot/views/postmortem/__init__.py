"""The post-incident document: built from an incident's log alone, as Markdown, HTML and JSON."""
