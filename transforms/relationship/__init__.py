"""The book's other half: keeping clients. Forms 11-1 to 11-6, self-checks, methods, archives (input-model.md 8 to 10)."""
