-- The first 25 instances of an account hold a numbered claim each: so the limit of the first integrator token holds under parallel requests
-- (plugzapi-api.md 2.12). Instances that exist already are given theirs.
INSERT INTO claim (scope, key, owner)
SELECT 'instance_slot', account_id || '/' || place, instance_id::text
  FROM (SELECT account_id, instance_id, row_number() OVER (PARTITION BY account_id ORDER BY created_at, instance_id) AS place
          FROM view_instance) numbered
 WHERE place <= 25
ON CONFLICT DO NOTHING;
