/** One case of each sort, and those that once found something: quick enough for every run of the tests. */
export const SAMPLE: readonly string[] = [
  'writer: /v1/commit, the answer is closed before the last byte',
  'writer: /v1/chunks, the request is reset inside a frame',
  'writer: /v1/finalize, the request is closed behind the last byte',
  'reader: /v1/journal, the answer is reset inside the body',
  'reader: /v1/chunks/get, the answer is closed inside a frame',
  'writer: every /v1/commit reaches the server twice (at once), and the second answer is heard',
  'writer: /v1/finalize comes late, after it was sent again and the file was edited further',
  'the server is ended (kill) and started again after it has /v1/chunks',
  'a portal that answers 200 (200 OK) stands before everything',
  'a portal that sends elsewhere (302 Found) stands before everything',
  'a gateway that asks for a pause (429 Too Many Requests) stands before everything',
  'reader: /v1/journal gets the answer to an earlier /v1/journal',
  'reader: the answer to /v1/chunks/get says a wrong length (-1)',
];
