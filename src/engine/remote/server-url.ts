/** Which server addresses are taken. Pure. */

export type CheckedUrl =
  /** Without a trailing slash, credentials, query or fragment. */
  { readonly kind: 'ok'; readonly url: string } | { readonly kind: 'refused'; readonly sentence: string };

/** A password and every file go to this address: in clear only where they do not leave the computer. */
export function checkServerUrl(text: string): CheckedUrl {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return refused(`"${text.slice(0, 200)}" is not a server address: it has to begin with https://.`);
  }
  if (url.username !== '' || url.password !== '') {
    return refused('The server address must not contain a user name or password.');
  }
  if (url.search !== '' || url.hash !== '') {
    return refused('The server address must not contain "?" or "#".');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return refused(
      `${url.host} would be reached without encryption, so that your password and files could be read on the way: use https://${url.host}.`,
    );
  }
  return { kind: 'ok', url: `${url.origin}${url.pathname.replace(/\/+$/, '')}` };
}

/** By name or number; `hostname` as `URL` gives it. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/\.$/, '');
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
  );
}

function refused(sentence: string): CheckedUrl {
  return { kind: 'refused', sentence };
}
