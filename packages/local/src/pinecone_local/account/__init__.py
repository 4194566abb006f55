"""Who may do what: a service account, its organization, and the keys of its projects."""
