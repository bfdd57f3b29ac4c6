/** How long the servers here bear with a client: for `http.createServer` and what comes after it. */

/** Node's limits in milliseconds: a request has to be there within them, and a connection without one is closed. */
export const CLIENT_LIMITS = Object.freeze({
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
});

/** Milliseconds that an answer may lie there without the client taking any of it. */
const UNREAD_LIMIT_MS = 60_000;

/**
 * Drops clients that ask and then do not read. One that waits for its answer may wait: that is our time, not theirs.
 * Not for servers of videos, which are read as fast as they are looked at.
 * @param {import('node:http').Server} server
 * @param {number} [unreadLimitMs]
 */
export function dropUnreadAnswers(server, unreadLimitMs = UNREAD_LIMIT_MS) {
  server.setTimeout(unreadLimitMs, (socket) => {
    if (socket.writableLength > 0) socket.destroy();
  });
}
