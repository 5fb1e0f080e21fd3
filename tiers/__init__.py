"""The tier program: versions, requirements and benefits, evaluations that explain themselves, standings."""
