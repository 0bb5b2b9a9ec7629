/** Routes about what history keeps. */
import { Empty } from './link.ts';
import { LabelRequest } from './retention.ts';
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
} as const satisfies Record<string, Route>;
