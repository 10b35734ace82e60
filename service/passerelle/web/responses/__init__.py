"""What all responses share: format, language, tags, coding, cache, problems."""
