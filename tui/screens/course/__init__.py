"""The dialogs of the course: the list of chapters, and the line on which a question is answered."""
