/** Every bound of the protocol in one place: the server enforces them, the client stays below them. */
export const LIMITS = {
  /** Claims in one request. */
  claims: 1000,
  /** JSON part of any request or answer. */
  jsonBytes: 8 * 1024 * 1024,
  /** A packed body (JSON and frames). */
  bodyBytes: 24 * 1024 * 1024,
  /** One chunk, as the server stores it. */
  chunkBytes: 16 * 1024 * 1024,
  /** Chunks asked for or sent in one packed body. */
  chunksPerBody: 2048,
  /** Bytes the server puts into one packed answer before it says that there is more. */
  packedAnswerBytes: 12 * 1024 * 1024,
  /** Encoded manifest of one version. */
  manifestBytes: 2.5 * 1024 * 1024,
  /** Manifests up to this size ride inside journal events. */
  inlineManifestBytes: 256,
  fileBytes: 256 * 1024 ** 3,
  nameBytes: 255,
  linkTargetBytes: 4096,
  pathDepth: 256,
  /** Events in one journal page. */
  journalPage: 2000,
  snapshotPage: 2000,
  trashPage: 1000,
  momentPage: 1000,
  /** Ids in one look-up, unapplied nodes of one delete, steps of one rearrangement. */
  ids: 10_000,
  unansweredKeys: 64,
  deltaSources: 64,
  notifySeconds: 55,
  passwordBytes: 1024,
  deviceNameBytes: 128,
  userNameBytes: 128,
  /** Characters of a version's label. */
  labelLength: 120,
} as const;
