"use strict";
const link = document.getElementById("link");
let source = null, heard = 0;
const tab = sessionStorage.tab ||= crypto.randomUUID ? crypto.randomUUID() : String(Date.now());
for (const field of document.querySelectorAll("input.tab")) field.value = tab;

function say(words, lost) {
  if (link.textContent !== words) link.textContent = words;
  document.body.classList.toggle("lost", lost);
}
function put(id, html) {
  let part = document.getElementById(id);
  if (!html && id !== "result" && id !== "notice") { part?.remove(); return; }
  if (!part) {
    const home = document.getElementById(id.split("-")[0] + "s");
    part = document.createElement(home.dataset.tag);
    part.id = id;
    home.append(part);
  }
  const at = part.contains(document.activeElement) ? document.activeElement.name || document.activeElement.tagName : null;
  part.innerHTML = html;
  if (at) (part.querySelector(`[name="${CSS.escape(at)}"]`) || part.querySelector("button"))?.focus();
}
function open() {
  source?.close();
  source = new EventSource("/events");
  source.addEventListener("beat", () => { heard = Date.now(); say("live", false); });
  source.addEventListener("parts", event => {
    const first = !heard;
    heard = Date.now();
    say("live", false);
    for (const [id, html] of Object.entries(JSON.parse(event.data))) put(id, html);
    const mine = document.querySelector(`#result a[data-tab="${CSS.escape(tab)}"]`);
    if (mine && sessionStorage.opened !== mine.pathname) {
      sessionStorage.opened = mine.pathname;
      if (!first) location.assign(mine.href);
    }
  });
}
setInterval(() => {
  if (document.hidden || Date.now() - heard < 1500) return;
  say("connection lost, trying again", true);
  if (source?.readyState === EventSource.CLOSED) open();
}, 200);
document.addEventListener("visibilitychange", () => document.hidden ? source?.close() : open());
heard = 0;
open();
