// Every way by which a page could send something, as Chromium has them. Each runs inside the page as it is written
// here, so it uses nothing from outside itself but `to`, where to send. Errors are what a policy is for; whether
// something left is asked of the server alone: some calls claim success while they are blocked.

/** Channels that leave the page where it is; all of them can be tried in one page. */
export const staying = {
  "fetch-own": (to) => fetch(`${to.own}/leak/fetch-own.x`),
  "fetch-foreign": (to) => fetch(`${to.foreign}/leak/fetch-foreign.x`, { mode: "no-cors" }),
  "fetch-keepalive": (to) =>
    fetch(`${to.foreign}/leak/fetch-keepalive.x`, { method: "POST", body: "x", keepalive: true, mode: "no-cors" }),
  "fetch-later": (to) => globalThis.fetchLater(`${to.own}/leak/fetch-later.x`, { activateAfter: 0 }),
  xhr: (to) => {
    const request = new XMLHttpRequest();
    request.open("GET", `${to.foreign}/leak/xhr.x`);
    request.send();
  },
  websocket: (to) => new WebSocket(`${to.foreign.replace("http", "ws")}/leak/websocket`),
  "websocket-stream": (to) => new globalThis.WebSocketStream(`${to.foreign.replace("http", "ws")}/leak/websocket-stream`),
  "event-source": (to) => new EventSource(`${to.foreign}/leak/event-source.events`),
  beacon: (to) => navigator.sendBeacon(`${to.foreign}/leak/beacon.x`, "x"),
  "image-own": (to) => {
    new Image().src = `${to.own}/leak/image-own.x`;
  },
  "image-foreign": (to) => {
    new Image().src = `${to.foreign}/leak/image-foreign.x`;
  },
  "css-background": (to) => {
    document.body.style.backgroundImage = `url("${to.foreign}/leak/css-background.x")`;
  },
  "css-constructed": (to) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`html { border-image: url("${to.foreign}/leak/css-constructed.x") 1 }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  },
  "css-import": (to) => {
    const style = document.createElement("style");
    style.textContent = `@import "${to.foreign}/leak/css-import.css";`;
    document.head.append(style);
  },
  "link-stylesheet": (to) => {
    document.head.append(Object.assign(document.createElement("link"), {
      rel: "stylesheet", href: `${to.own}/leak/link-stylesheet.css`,
    }));
  },
  "link-icon": (to) => {
    document.head.append(Object.assign(document.createElement("link"), {
      rel: "preload", as: "image", href: `${to.foreign}/leak/link-icon.x`,
    }));
  },
  "link-preload": (to) => {
    document.head.append(Object.assign(document.createElement("link"), {
      rel: "preload", as: "fetch", crossOrigin: "anonymous", href: `${to.foreign}/leak/link-preload.x`,
    }));
  },
  "link-prefetch": (to) => {
    document.head.append(Object.assign(document.createElement("link"), {
      rel: "prefetch", href: `${to.foreign}/leak/link-prefetch.x`,
    }));
  },
  "link-modulepreload": (to) => {
    document.head.append(Object.assign(document.createElement("link"), {
      rel: "modulepreload", href: `${to.own}/leak/link-modulepreload.js`,
    }));
  },
  "script-own": (to) => {
    document.head.append(Object.assign(document.createElement("script"), { src: `${to.own}/leak/script-own.js` }));
  },
  "script-foreign": (to) => {
    document.head.append(Object.assign(document.createElement("script"), {
      src: `${to.foreign}/leak/script-foreign.js`,
    }));
  },
  "iframe-own": (to) => {
    document.body.append(Object.assign(document.createElement("iframe"), { src: `${to.own}/leak/iframe-own.html` }));
  },
  "iframe-foreign": (to) => {
    document.body.append(Object.assign(document.createElement("iframe"), {
      src: `${to.foreign}/leak/iframe-foreign.html`,
    }));
  },
  "iframe-srcdoc-image": (to) => {
    document.body.append(Object.assign(document.createElement("iframe"), {
      srcdoc: `<img src="${to.foreign}/leak/iframe-srcdoc-image.x">`,
    }));
  },
  "iframe-srcdoc-refresh": (to) => {
    document.body.append(Object.assign(document.createElement("iframe"), {
      srcdoc: `<meta http-equiv="refresh" content="0;url=${to.foreign}/leak/iframe-srcdoc-refresh.html">`,
    }));
  },
  // The policy lets the frame go to blobs, as a download does in Firefox: they inherit the policy.
  "iframe-blob-image": (to) => {
    const html = `<img src="${to.foreign}/leak/iframe-blob-image.x">`;
    const src = URL.createObjectURL(new Blob([html], { type: "text/html" }));
    document.body.append(Object.assign(document.createElement("iframe"), { src }));
  },
  "iframe-blob-script": (to) => {
    const html = `<script>new Image().src = "${to.foreign}/leak/iframe-blob-script.x"</script>`;
    const src = URL.createObjectURL(new Blob([html], { type: "text/html" }));
    document.body.append(Object.assign(document.createElement("iframe"), { src }));
  },
  "iframe-blob-refresh": (to) => {
    const html = `<meta http-equiv="refresh" content="0;url=${to.foreign}/leak/iframe-blob-refresh.html">`;
    const src = URL.createObjectURL(new Blob([html], { type: "text/html" }));
    document.body.append(Object.assign(document.createElement("iframe"), { src }));
  },
  "iframe-blank-fetch": (to) => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    return frame.contentWindow.fetch(`${to.foreign}/leak/iframe-blank-fetch.x`, { mode: "no-cors" });
  },
  "iframe-blank-location": (to) => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    frame.contentWindow.location = `${to.foreign}/leak/iframe-blank-location.html`;
  },
  object: (to) => {
    document.body.append(Object.assign(document.createElement("object"), { data: `${to.foreign}/leak/object.html` }));
  },
  embed: (to) => {
    document.body.append(Object.assign(document.createElement("embed"), { src: `${to.foreign}/leak/embed.html` }));
  },
  video: (to) => {
    document.body.append(Object.assign(document.createElement("video"), {
      src: `${to.foreign}/leak/video.x`, preload: "auto",
    }));
  },
  "font-face": (to) => new FontFace("leak", `url("${to.own}/leak/font-face.x")`).load(),
  "form-into-iframe": (to) => {
    const frame = Object.assign(document.createElement("iframe"), { name: "form-target" });
    const form = Object.assign(document.createElement("form"), {
      method: "post", target: "form-target", action: `${to.foreign}/leak/form-into-iframe.html`,
    });
    document.body.append(frame, form);
    form.submit();
  },
  "worker-own": (to) => new Worker(`${to.own}/leak/worker-own.js`),
  "worker-blob": (to) => {
    const source = `fetch("${to.foreign}/leak/worker-blob.x", { mode: "no-cors" })`;
    return new Worker(URL.createObjectURL(new Blob([source])));
  },
  "worker-shared": (to) => new SharedWorker(`${to.own}/leak/worker-shared.js`),
  "service-worker": (to) => navigator.serviceWorker.register(`${to.own}/leak/service-worker.js`),
  "audio-worklet": (to) => new OfflineAudioContext(1, 1, 44100).audioWorklet.addModule(`${to.own}/leak/audio-worklet.js`),
  "paint-worklet": (to) => CSS.paintWorklet.addModule(`${to.own}/leak/paint-worklet.js`),
  "cache-add": async (to) => (await caches.open("leak")).add(`${to.own}/leak/cache-add.x`),
  "wasm-streaming": (to) => WebAssembly.compileStreaming(fetch(`${to.own}/leak/wasm-streaming.wasm`)),
  "webrtc-stun": async (to) => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: to.stun }] });
    peer.createDataChannel("leak");
    await peer.setLocalDescription(await peer.createOffer());
  },
  "webrtc-turn": async (to) => {
    const Peer = globalThis.RTCPeerConnection ?? (() => {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      return frame.contentWindow.RTCPeerConnection;
    })();
    const peer = new Peer({ iceServers: [{ urls: to.turn, username: "leak", credential: "leak" }] });
    peer.createDataChannel("leak");
    await peer.setLocalDescription(await peer.createOffer());
  },
};

/** Channels that take the page elsewhere or open another: each needs a page of its own. */
export const leaving = {
  "location-own": (to) => {
    location.href = `${to.own}/leak/location-own.html`;
  },
  "location-foreign": (to) => {
    location.href = `${to.foreign}/leak/location-foreign.html`;
  },
  "location-blob": (to) => {
    const html = `<img src="${to.foreign}/leak/location-blob.x">`;
    location.href = URL.createObjectURL(new Blob([html], { type: "text/html" }));
  },
  "location-replace": (to) => location.replace(`${to.foreign}/leak/location-replace.html`),
  "location-top": (to) => {
    top.location = `${to.foreign}/leak/location-top.html`;
  },
  "navigation-api": (to) => {
    globalThis.navigation.navigate(`${to.foreign}/leak/navigation-api.html`);
  },
  "anchor-click": (to) => {
    const anchor = Object.assign(document.createElement("a"), { href: `${to.foreign}/leak/anchor-click.html` });
    document.body.append(anchor);
    anchor.click();
  },
  // In the frame the address resolves against the shell's, so that the click takes the frame elsewhere as well.
  "anchor-ping": (to) => {
    const anchor = Object.assign(document.createElement("a"), { href: "#ping", ping: `${to.own}/leak/anchor-ping.x` });
    document.body.append(anchor);
    anchor.click();
  },
  "anchor-blank": (to) => {
    const anchor = Object.assign(document.createElement("a"), {
      href: `${to.foreign}/leak/anchor-blank.html`, target: "_blank",
    });
    document.body.append(anchor);
    anchor.click();
  },
  "anchor-download": (to) => {
    const anchor = Object.assign(document.createElement("a"), {
      href: `${to.own}/leak/anchor-download.x`, download: "leak",
    });
    document.body.append(anchor);
    anchor.click();
  },
  "anchor-download-foreign": (to) => {
    const anchor = Object.assign(document.createElement("a"), {
      href: `${to.foreign}/leak/anchor-download-foreign.x`, download: "leak",
    });
    document.body.append(anchor);
    anchor.click();
  },
  "form-get": (to) => {
    const form = Object.assign(document.createElement("form"), { action: `${to.foreign}/leak/form-get.html` });
    document.body.append(form);
    form.submit();
  },
  "form-post-blank": (to) => {
    const form = Object.assign(document.createElement("form"), {
      method: "post", target: "_blank", action: `${to.foreign}/leak/form-post-blank.html`,
    });
    document.body.append(form);
    form.submit();
  },
  "meta-refresh": (to) => {
    document.head.append(Object.assign(document.createElement("meta"), {
      httpEquiv: "refresh", content: `0;url=${to.foreign}/leak/meta-refresh.html`,
    }));
  },
  "window-open": (to) => {
    window.open(`${to.foreign}/leak/window-open.html`);
  },
  "window-open-blank": (to) => {
    window.open("about:blank").location = `${to.foreign}/leak/window-open-blank.html`;
  },
};
