"""What developers and continuous integration run; nothing here is needed to run the product."""
