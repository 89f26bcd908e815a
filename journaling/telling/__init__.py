"""What people read about their calls: stories, reasons, figures, what needs attention."""
