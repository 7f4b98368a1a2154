/* Reads the OpenAPI description and makes a page of it. Everything is made as text nodes: no answer becomes markup. */
"use strict";

const main = document.getElementById("main");
const shownHeaders = ["content-type", "content-language", "etag", "last-modified", "cache-control", "vary", "link", "location", "retry-after", "ratelimit"];

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== ""));
  return element;
}

/* The two marks that our descriptions use: **strong** and `code`. */
function prose(text) {
  return (text || "").split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part) => {
    if (part.startsWith("**")) return make("strong", {}, part.slice(2, -2));
    if (part.startsWith("`")) return make("code", {}, part.slice(1, -1));
    return part;
  });
}

function operationsOf(description) {
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })));
}

/* Schemas */

function resolve(schema, description) {
  let found = schema || {};
  while (found.$ref) found = { ...found.$ref.split("/").slice(1).reduce((node, key) => node[key], description), ...omit(found, "$ref") };
  const choices = found.oneOf || found.anyOf || found.allOf;
  if (!choices) return found;
  const real = choices.filter((choice) => choice.type !== "null" && choice.maxLength !== 0);
  const merged = { ...resolve(real[0], description), ...omit(found, "oneOf", "anyOf", "allOf") };
  return choices.length > real.length && choices.some((choice) => choice.type === "null") ? { ...merged, nullable: true } : merged;
}

function omit(object, ...names) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

function typeOf(schema, description) {
  const types = [].concat(schema.type || []).filter((type) => type !== "null");
  const nullable = schema.nullable || [].concat(schema.type || []).includes("null");
  let name = schema.format || types.join(" or ") || "any";
  if (types[0] === "array") name = `list of ${typeOf(resolve(schema.items, description), description)}`;
  return nullable ? `${name} or null` : name;
}

function words(schema) {
  const choices = (schema.enum || schema.items?.enum || []).filter((value) => value !== null);
  return choices.length && choices.length <= 12 ? choices.map((value) => `${value}`).join(" · ") : "";
}

/* drf-spectacular lists choices as "* `value` - Label": the values are shown beside the type already. */
function meaning(schema) {
  return (schema.description || "").split("\n").filter((line) => !line.startsWith("* `")).join(" ").trim();
}

function tree(schema, description, depth = 0) {
  const node = resolve(schema, description);
  const inner = [].concat(node.type).includes("array") ? resolve(node.items, description) : node;
  const entries = Object.entries(inner.properties || {});
  return make("ul", {}, entries.map(([name, child]) => {
    const field = resolve(child, description);
    const item = [].concat(field.type).includes("array") ? resolve(field.items, description) : field;
    const head = [make("span", { class: "name" }, name), " ", make("span", { class: "of" }, typeOf(field, description)), " "];
    const hint = [meaning(field), words(field) || words(item)].filter(Boolean).join(" ");
    const said = hint ? make("p", { class: "hint" }, prose(hint)) : "";
    if (!item.properties || depth > 4) return make("li", {}, head, said);
    const details = make("details", {}, make("summary", {}, head, said));
    details.addEventListener("toggle", () => details.open && details.children.length === 1 && details.append(tree(item, description, depth + 1)));
    return make("li", {}, details);
  }));
}

/* JSON as coloured text */

function coloured(text) {
  const pieces = document.createDocumentFragment();
  const pattern = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    pieces.append(text.slice(at, match.index));
    const kind = match[1] ? (match[2] ? "k" : "t") : match[3] ? "w" : "n";
    pieces.append(make("span", { class: kind }, match[1] || match[0]), match[2] || "");
    at = match.index + match[0].length;
  }
  pieces.append(text.slice(at));
  return pieces;
}

/* Trying an operation */

function control(parameter, description) {
  const schema = resolve(parameter.schema, description);
  const id = `parameter-${parameter.name}`;
  const choices = schema.enum || (schema.type === "boolean" ? ["true", "false"] : null);
  const common = { id, name: parameter.name, "data-in": parameter.in, required: parameter.required };
  if (choices) {
    return make("select", common, make("option", { value: "" }, schema.default ? `${schema.default} (default)` : "—"),
      choices.map((choice) => make("option", { value: choice }, `${choice}`)));
  }
  const example = (schema.examples || []).flat()[0];
  const number = schema.type === "integer" ? { inputmode: "numeric" } : {};
  const placeholder = schema.default !== undefined ? `${schema.default}` : example !== undefined ? `${example}` : "";
  return make("input", { ...common, ...number, type: "text", placeholder, autocomplete: "off", spellcheck: "false", dir: "ltr" });
}

function addressOf(form, operation, server) {
  let path = operation.path;
  const query = [];
  for (const field of form.querySelectorAll("[name]")) {
    if (!field.value) continue;
    if (field.dataset.in === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(field.value));
    else query.push(`${field.name}=${encodeURIComponent(field.value).replaceAll("%2C", ",").replaceAll("%3A", ":")}`);
  }
  return `${server}${path}${query.length ? `?${query.join("&")}` : ""}`;
}

async function send(url, place, headers = {}) {
  place.replaceChildren(make("p", { class: "empty" }, "Asking…"));
  const began = performance.now();
  try {
    const response = await fetch(url, { headers, cache: "no-store", credentials: "omit" });
    const text = await response.text();
    show(response, text, Math.round(performance.now() - began), url, place);
  } catch (error) {
    place.replaceChildren(make("p", { class: "empty" }, `No answer: ${error.message}`));
  }
}

function show(response, text, milliseconds, url, place) {
  const etag = response.headers.get("etag");
  const known = shownHeaders.filter((name) => response.headers.has(name));
  const status = make("div", { class: "status" },
    make("span", { class: response.status < 400 ? "badge" : "badge bad" }, `${response.status}`),
    make("span", {}, response.redirected ? "after a redirect" : "", response.status === 304 ? "You have it already: no body was sent." : ""),
    make("span", { class: "tag" }, `${milliseconds} ms · ${new Blob([text]).size.toLocaleString("en")} bytes`),
    etag && response.status === 200 ? make("button", { type: "button", onclick: () => send(url, place, { "If-None-Match": etag }) }, "Ask again with this ETag") : "",
    text ? make("button", { type: "button", onclick: () => navigator.clipboard.writeText(text) }, "Copy the answer") : "");
  const headers = make("dl", { class: "headers" }, known.map((name) => [make("dt", {}, name), make("dd", {}, response.headers.get(name))]));
  place.replaceChildren(status, headers, text ? make("pre", { tabindex: "0" }, body(text)) : "");
}

function body(text) {
  let pretty = text;
  try { pretty = JSON.stringify(JSON.parse(text), null, 2); } catch { /* YAML, or cut: as it is */ }
  return pretty.length > 300000 ? `${pretty.slice(0, 300000)}\n…` : coloured(pretty);
}

/* A real id or slug in the form beats an example that answers 404. */
async function suggest(operation, server, form, refresh) {
  const field = form.querySelector("[name=reference]");
  if (!field) return;
  const list = `${server}${operation.path.split("{")[0]}?limit=1${operation.path.startsWith("/help-contacts") ? "&region=*" : ""}`;
  const response = await fetch(list, { credentials: "omit" }).catch(() => null);
  const [first] = response?.ok ? (await response.json()).results : [];
  if (first && !field.value) { field.value = first.slug || first.code; refresh(); }
}

/* Pages */

function operationPage(operation, description) {
  const server = description.servers[0].url;
  const place = make("div", { class: "answer", "aria-live": "polite" });
  const url = make("output", { class: "url" });
  const fields = (operation.parameters || []).map((parameter) => make("div", { class: "field" },
    make("label", { for: `parameter-${parameter.name}` },
      make("span", { class: "name" }, parameter.name),
      make("span", { class: "tag" }, parameter.in === "path" ? "in the path" : typeOf(resolve(parameter.schema, description), description)),
      parameter.required ? make("span", { class: "tag needed" }, "needed") : ""),
    make("p", { class: "hint" }, prose(parameter.description), " ", parameter.schema.enum ? "" : words(parameter.schema)),
    control(parameter, description)));
  const form = make("form", { class: "card", novalidate: true, onsubmit: (event) => { event.preventDefault(); send(addressOf(form, operation, server), place); } },
    make("h2", {}, "Try it"), fields,
    make("div", { class: "send" }, make("button", { class: "main", type: "submit" }, "Send"), url), place);
  const refresh = () => { url.textContent = new URL(addressOf(form, operation, server), location.href).href; };
  form.addEventListener("input", refresh);
  refresh();
  suggest(operation, server, form, refresh);
  const answers = Object.entries(operation.responses);
  const success = Object.values(answers.find(([status]) => status === "200")?.[1].content || {})[0]?.schema;
  return [
    make("h1", {}, operation.summary),
    make("p", { class: "address" }, make("span", { class: "method" }, operation.method), make("span", { class: "path" }, `${server}${operation.path}`)),
    make("p", { class: "lead" }, prose(operation.description)),
    form,
    make("section", { class: "card" }, make("h2", {}, "Answers"), make("ul", { class: "codes" }, answers.map(([status, answer]) =>
      make("li", {}, make("span", { class: status < "400" ? "badge" : "badge bad" }, status), prose(answer.description))))),
    success ? make("section", { class: "card" }, make("h2", {}, "What is in it"), make("div", { class: "tree" }, tree(success, description))) : "",
  ];
}

function overviewPage(description, operations) {
  const [first, ...rest] = description.info.description.split(/\n\n+/);
  const starts = ["/articles/", "/articles/{reference}/", "/changes/", "/languages/", "/help-contacts/", "/"];
  return [
    make("h1", {}, description.info.title),
    make("p", { class: "lead" }, prose(first)),
    ...rest.map((part, index) => make("p", { class: index === 0 ? "notice" : "prose" }, prose(part))),
    make("h2", {}, "Where to start"),
    make("ul", { class: "grid" }, starts.map((path) => operations.find((operation) => operation.path === path)).filter(Boolean).map((operation) =>
      make("li", {}, make("a", { href: `#${operation.operationId}` }, make("strong", {}, operation.summary), make("span", {}, prose(operation.description)))))),
  ];
}

function menu(operations, tags) {
  return tags.map((tag) => make("section", {}, make("h2", {}, tag), make("ul", {}, operations.filter((operation) => operation.tags[0] === tag).map((operation) =>
    make("li", { "data-words": [operation.summary, operation.path, ...(operation.parameters || []).map((parameter) => parameter.name)].join(" ").toLowerCase() },
      make("a", { href: `#${operation.operationId}` }, operation.summary))))));
}

async function start() {
  const description = await (await fetch(document.body.dataset.description)).json();
  const operations = operationsOf(description);
  const list = document.getElementById("operations");
  list.append(...menu(operations, description.tags.map((tag) => tag.name)));
  const find = document.getElementById("find");
  find.addEventListener("input", () => {
    for (const item of list.querySelectorAll("li")) item.hidden = !item.dataset.words.includes(find.value.trim().toLowerCase());
    for (const section of list.children) section.hidden = !section.querySelector("li:not([hidden])");
  });
  const narrow = matchMedia("(max-width: 59.99rem)");
  const show = (moved) => {
    const operation = operations.find((candidate) => `#${candidate.operationId}` === location.hash);
    main.replaceChildren(...(operation ? operationPage(operation, description) : overviewPage(description, operations)).filter(Boolean));
    document.title = document.title.replace(/^.*? · /, `${operation ? operation.summary : description.info.title} · `);
    for (const link of list.querySelectorAll("a")) {
      if (link.hash === location.hash) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (narrow.matches) document.getElementById("menu").open = false;
    if (moved) { scrollTo(0, 0); main.focus(); }
  };
  addEventListener("hashchange", () => location.hash !== "#main" && show(true));
  narrow.addEventListener("change", () => { document.getElementById("menu").open = !narrow.matches; });
  show(false);
}

start().catch((error) => { document.getElementById("loading").textContent = `The description could not be read: ${error.message}`; });
