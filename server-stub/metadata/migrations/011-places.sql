-- Where a member has a share: the same folder on all devices of that member. NULL: not said yet. The folder above is a node
-- of the member's own namespace, or its root; whether it lives is for the devices to see.
ALTER TABLE memberships ADD COLUMN place_parent TEXT;
ALTER TABLE memberships ADD COLUMN place_name TEXT;
