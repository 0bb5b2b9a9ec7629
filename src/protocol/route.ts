/** What a route is. */
import type { TSchema } from 'typebox';

export type RouteAccess = 'anyone' | 'device';
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly access: RouteAccess;
  /** 'frames': the body is packed and `request` is its JSON part. */
  readonly requestBody: 'none' | 'json' | 'frames';
  readonly answerBody: 'json' | 'frames';
  readonly request: TSchema | null;
  readonly answer: TSchema;
  readonly summary: string;
}

/** A row of the table of routes. */
export function route(
  method: Route['method'],
  path: string,
  access: RouteAccess,
  requestBody: Route['requestBody'],
  request: TSchema | null,
  answerBody: Route['answerBody'],
  answer: TSchema,
  summary: string,
): Route {
  return { method, path, access, requestBody, request, answerBody, answer, summary };
}
