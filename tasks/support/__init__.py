"""What all steps share: caching, progress, runners, publishing, events."""
