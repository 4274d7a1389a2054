-- Nodes under which a result is published, `facet:path`, each with those above it.
CREATE FUNCTION published_nodes(tags jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT (tag->>'facet') || ':' || array_to_string(steps[1:level], '/')), '{}')
  FROM jsonb_array_elements(tags) AS tag, string_to_array(tag->>'path', '/') AS steps, generate_series(1, cardinality(steps)) AS level
  WHERE tag->>'status' = 'published'
$$;

-- For a rare node; lists of a frequent one walk through the contents by time.
CREATE INDEX predictions_published_nodes ON predictions USING gin (published_nodes(tags));
