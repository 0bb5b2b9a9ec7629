/** Routes about what history keeps. */
import { Empty } from './link.ts';
import { HoldRequest, LabelRequest, RetentionAnswer, SetRetentionRequest } from './retention.ts';
import { type Route, route } from './route.ts';

export const RETENTION_ROUTES = {
  label: route(
    'POST',
    '/v1/labels',
    'device',
    'json',
    LabelRequest,
    'json',
    Empty,
    'Names a version, which is kept as long as it has a name; or takes its name away.',
  ),
  retention: route(
    'GET',
    '/v1/retention',
    'device',
    'none',
    null,
    'json',
    RetentionAnswer,
    'For how long history is kept here, and what is held.',
  ),
  setRetention: route(
    'POST',
    '/v1/retention/set',
    'device',
    'json',
    SetRetentionRequest,
    'json',
    Empty,
    'Sets for how long history is kept here.',
  ),
  hold: route(
    'POST',
    '/v1/holds',
    'device',
    'json',
    HoldRequest,
    'json',
    Empty,
    'Keeps everything of a node and below it until it is released; or releases it.',
  ),
} as const satisfies Record<string, Route>;
