'use strict';
// The content policy of this page governs every connection but one: peer connections. They go first, before anything
// else runs, so that no later script can reach them.
for (const name of [
  'RTCPeerConnection',
  'webkitRTCPeerConnection',
  'mozRTCPeerConnection',
  'RTCDataChannel',
]) {
  delete globalThis[name];
  if (name in globalThis) {
    Object.defineProperty(globalThis, name, { value: undefined, configurable: false, writable: false });
  }
}
