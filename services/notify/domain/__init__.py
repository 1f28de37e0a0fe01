"""The rules of notify, pure: messages, documents and the delivery of one application."""
