-- Metrics ask for the sum again and again: without this they would look at every chunk.
CREATE INDEX chunks_quarantined ON chunks (size) WHERE quarantined_at IS NOT NULL;
