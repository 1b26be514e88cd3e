"""The Studio: pages, cards, weeks and versions. Every answer is made in `shown`."""
