/**
 * What the page may do, whichever door it came through: run the code it came with, and talk to whoever sent it. Styles may stand in elements:
 * Vuetify writes its theme so.
 *
 * @param own The addresses of the host, beside `'self'`.
 */
export const contentSecurityPolicy = (...own: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "worker-src 'self' blob:",
    ["connect-src 'self'", ...own].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
