/** Text fields that every event type has; the `events` table has a column for each. */
export const COMMON_TEXT_FIELDS: readonly string[] = [
  'source',
  'user_id',
  'anonymous_id',
  'session_id',
  'channel',
  'campaign',
  'region',
  'segment',
  'product_id',
  'category',
]
