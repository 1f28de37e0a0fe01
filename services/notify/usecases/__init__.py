"""The work of notify: messages sent, documents issued, decisions handed out."""
