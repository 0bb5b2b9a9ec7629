-- A content that was agreed on only because a conflict copy holds it: the copy's node.
ALTER TABLE synced ADD COLUMN lent TEXT;
