-- Which start of the engine the generation belongs to: a copy of a device has started as often, and is another one.
ALTER TABLE devices ADD COLUMN start TEXT;
