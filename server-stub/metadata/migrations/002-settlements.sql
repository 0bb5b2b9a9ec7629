-- Where both sides of a conflict stood when they clashed, and how it was settled: what undoing it needs, as JSON.
ALTER TABLE conflicts ADD COLUMN original_path TEXT;
ALTER TABLE conflicts ADD COLUMN copy_path TEXT;
ALTER TABLE conflicts ADD COLUMN settlement TEXT;
