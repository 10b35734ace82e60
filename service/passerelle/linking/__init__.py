"""Links learning outcomes to ESCO skills, and keeps what people decide about the links."""
