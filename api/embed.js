// <recovery-article id lang region>: an article of the library on any page, with what must be read first, first.
// One file, no dependency, no cookie, nothing stored. Described in docs/embed.md.
(() => {
  "use strict";
  if (customElements.get("recovery-article")) return;
  if (!document.currentScript) throw new Error("recovery-article: load it by <script src>, not as a module");
  const API = new URL(".", document.currentScript.src);
  const REFRESH_MS = 900_000; // what the service document calls poll_changes_every_s
  const PATIENCE_MS = 10_000;
  const AGAIN_MS = 60_000;

  // `call` stands before a number, `source` before a name, `reviewed` before a date. The same in all: tests/api/test_embed.py.
  const WORDS = {
    en: {
      loading: "Loading…", failed: "This text cannot be loaded right now.", missing: "This text is not available.",
      held: "This text is being checked and is not shown for now.", gone: "This text is no longer available.",
      recalled: "This text was removed because it contained a mistake. If you saved or printed it, do not follow it.",
      emergency: "If somebody cannot be woken or is not breathing normally, call your local emergency number at once. Give naloxone if you have it. If you are thinking about suicide, call that number or a crisis line now.",
      call: "Call", help: "Help by phone", stale: "This number has not been checked recently.",
      first: "Read this first", source: "Source:", outdated: "Out of date", machine: "Translated by a machine",
      reviewed: "Reviewed on", unreviewed: "No health professional has reviewed this text.", retry: "Try again", back: "Back",
    },
    es: {
      loading: "Cargando…", failed: "No se puede cargar este texto en este momento.", missing: "Este texto no está disponible.",
      held: "Este texto se está revisando y por ahora no se muestra.", gone: "Este texto ya no está disponible.",
      recalled: "Este texto se retiró porque contenía un error. Si lo guardó o lo imprimió, no lo siga.",
      emergency: "Si no se puede despertar a una persona o no respira con normalidad, llame de inmediato al número de emergencias local. Administre naloxona si la tiene. Si tiene pensamientos de suicidio, llame ahora a ese número o a una línea de crisis.",
      call: "Llamar al", help: "Ayuda por teléfono", stale: "Este número no se ha comprobado recientemente.",
      first: "Lea esto primero", source: "Fuente:", outdated: "Desactualizado", machine: "Traducido por una máquina",
      reviewed: "Revisado el", unreviewed: "Ningún profesional de la salud ha revisado este texto.", retry: "Intentar de nuevo", back: "Volver",
    },
    fr: {
      loading: "Chargement…", failed: "Ce texte ne peut pas être chargé pour le moment.", missing: "Ce texte n’est pas disponible.",
      held: "Ce texte est en cours de vérification et n’est pas affiché pour l’instant.", gone: "Ce texte n’est plus disponible.",
      recalled: "Ce texte a été retiré parce qu’il contenait une erreur. Si vous l’avez enregistré ou imprimé, ne le suivez pas.",
      emergency: "S’il est impossible de réveiller une personne ou si elle ne respire pas normalement, appelez tout de suite votre numéro d’urgence local. Donnez de la naloxone si vous en avez. Si vous avez des pensées suicidaires, appelez maintenant ce numéro ou une ligne de crise.",
      call: "Appeler le", help: "Aide par téléphone", stale: "Ce numéro n’a pas été vérifié récemment.",
      first: "À lire en premier", source: "Source :", outdated: "Texte non à jour", machine: "Traduit par une machine",
      reviewed: "Vérifié le", unreviewed: "Aucun professionnel de santé n’a vérifié ce texte.", retry: "Réessayer", back: "Retour",
    },
    "pt-BR": {
      loading: "Carregando…", failed: "Não é possível carregar este texto agora.", missing: "Este texto não está disponível.",
      held: "Este texto está sendo verificado e, por enquanto, não é exibido.", gone: "Este texto não está mais disponível.",
      recalled: "Este texto foi retirado porque continha um erro. Se você o salvou ou imprimiu, não o siga.",
      emergency: "Se não for possível acordar uma pessoa ou se ela não estiver respirando normalmente, ligue imediatamente para o número de emergência local. Dê naloxona, se você tiver. Se você estiver com pensamentos de suicídio, ligue agora para esse número ou para uma linha de apoio em crise.",
      call: "Ligar para", help: "Ajuda por telefone", stale: "Este número não foi verificado recentemente.",
      first: "Leia isto primeiro", source: "Fonte:", outdated: "Desatualizado", machine: "Traduzido por máquina",
      reviewed: "Revisado em", unreviewed: "Nenhum profissional de saúde revisou este texto.", retry: "Tentar novamente", back: "Voltar",
    },
    ar: {
      loading: "جارٍ التحميل…", failed: "يتعذّر تحميل هذا النص الآن.", missing: "هذا النص غير متوفر.",
      held: "تجري مراجعة هذا النص، ولا يُعرض في الوقت الحالي.", gone: "لم يعد هذا النص متوفرًا.",
      recalled: "سُحب هذا النص لأنه كان يحتوي على خطأ. إذا كنت قد حفظته أو طبعته، فلا تعمل بما ورد فيه.",
      emergency: "إذا تعذّر إيقاظ شخص ما أو كان تنفّسه غير طبيعي، فاتصل فورًا برقم الطوارئ المحلي. أعطِه النالوكسون إن كان متوفرًا لديك. إذا كانت تراودك أفكار انتحارية، فاتصل الآن بهذا الرقم أو بخط مساعدة في الأزمات.",
      call: "اتصل بالرقم", help: "المساعدة عبر الهاتف", stale: "لم يُتحقَّق من هذا الرقم مؤخرًا.",
      first: "اقرأ هذا أولًا", source: "المصدر:", outdated: "غير محدَّث", machine: "تُرجم آليًا",
      reviewed: "رُوجع في", unreviewed: "لم يراجع هذا النص أي مختص صحي.", retry: "أعد المحاولة", back: "رجوع",
    },
    ru: {
      loading: "Загрузка…", failed: "Сейчас этот текст не удаётся загрузить.", missing: "Этот текст недоступен.",
      held: "Этот текст сейчас проверяется и временно не показывается.", gone: "Этого текста больше нет.",
      recalled: "Этот текст убран, потому что в нём была ошибка. Если вы сохранили или распечатали его, не следуйте ему.",
      emergency: "Если человека невозможно разбудить или он не дышит нормально, сразу позвоните по местному номеру экстренной помощи. Введите налоксон, если он у вас есть. Если у вас мысли о самоубийстве, сейчас же позвоните по этому номеру или на кризисную линию.",
      call: "Позвонить:", help: "Помощь по телефону", stale: "Этот номер давно не проверялся.",
      first: "Сначала прочтите это", source: "Источник:", outdated: "Перевод устарел", machine: "Машинный перевод",
      reviewed: "Проверено:", unreviewed: "Этот текст не проверял ни один медицинский работник.", retry: "Повторить попытку", back: "Назад",
    },
    vi: {
      loading: "Đang tải…", failed: "Hiện không thể tải văn bản này.", missing: "Không có văn bản này.",
      held: "Văn bản này đang được kiểm tra và tạm thời không hiển thị.", gone: "Văn bản này không còn nữa.",
      recalled: "Văn bản này đã bị gỡ bỏ vì có sai sót. Nếu bạn đã lưu hoặc in văn bản này, đừng làm theo.",
      emergency: "Nếu không thể đánh thức một người hoặc người đó không thở bình thường, hãy gọi ngay số cấp cứu tại địa phương. Dùng naloxone cho người đó nếu bạn có. Nếu bạn có ý nghĩ tự tử, hãy gọi ngay số đó hoặc đường dây hỗ trợ khủng hoảng.",
      call: "Gọi", help: "Trợ giúp qua điện thoại", stale: "Số này gần đây chưa được kiểm tra lại.",
      first: "Đọc phần này trước", source: "Nguồn:", outdated: "Chưa được cập nhật", machine: "Do máy dịch",
      reviewed: "Đã kiểm tra ngày", unreviewed: "Chưa có chuyên gia y tế nào kiểm tra văn bản này.", retry: "Thử lại", back: "Quay lại",
    },
    "zh-Hans": {
      loading: "正在加载…", failed: "目前无法加载本文。", missing: "无法提供本文。",
      held: "本文正在核查，暂不显示。", gone: "本文已不再提供。",
      recalled: "本文含有错误，已被撤下。如果你保存或打印过本文，请不要照做。",
      emergency: "如果叫不醒某人，或某人呼吸不正常，请立即拨打当地紧急电话。如果你有纳洛酮，请给对方使用。如果你有自杀的念头，请立即拨打该电话或危机热线。",
      call: "拨打", help: "电话求助", stale: "该号码近期未经核实。",
      first: "请先阅读", source: "来源：", outdated: "译文未更新", machine: "机器翻译",
      reviewed: "审核日期：", unreviewed: "没有任何医护专业人员审核过本文。", retry: "重试", back: "返回",
    },
  };

  const STYLE = new CSSStyleSheet();
  STYLE.replaceSync(`
    :host {
      --ink: var(--recovery-ink, light-dark(#1b2629, #e6ecee)); --soft: var(--recovery-soft, light-dark(#536267, #a6b4b9));
      --paper: var(--recovery-paper, light-dark(#fff, #12191c)); --line: var(--recovery-line, light-dark(#dcdfdc, #334046));
      --accent: var(--recovery-accent, light-dark(#0b5566, #7ccbd8)); --urgent: var(--recovery-urgent, light-dark(#a3271d, #ff9d92));
      --urgent-paper: light-dark(#fdf1ef, #2b1917); --warn: light-dark(#8a4b00, #f2c57c); --warn-paper: light-dark(#fff6e4, #2a2214);
      display: block; background: var(--paper); color: var(--ink); text-align: start; overflow-wrap: anywhere;
      border: 1px solid var(--line); border-radius: var(--recovery-radius, 14px);
      font: 1rem/1.65 var(--recovery-font, system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Naskh Arabic", "Noto Sans SC", sans-serif);
    }
    :host([hidden]) { display: none; }
    .all { max-inline-size: 42rem; margin-inline: auto; padding: clamp(1.1rem, 4vw, 2.5rem); }
    .all:lang(ar) { font-size: 1.08em; line-height: 1.8; }
    h2, h3, h4, p, ul, ol, figure { margin: 0; }
    h2, h3, h4 { line-height: 1.3; text-wrap: balance; font-size: 1.1rem; }
    [part=title] { font-size: clamp(1.5rem, 2.5vw + 1rem, 2.1rem); line-height: 1.2; letter-spacing: -.015em; }
    :lang(ar) :is(h2, h3, h4) { letter-spacing: 0; line-height: 1.5; }
    :is(p, ul, ol, figure) + :is(p, ul, ol, figure), :is(h2, h3, h4) + :is(p, ul, ol) { margin-block-start: .6em; }
    ul, ol { padding-inline-start: 1.35em; } li + li { margin-block-start: .3em; } li::marker { color: var(--soft); }
    a, [part=link] { color: var(--accent); text-underline-offset: .18em; }
    img { max-inline-size: 100%; block-size: auto; border-radius: 8px; }
    button { font: inherit; cursor: pointer; }
    [part=link] { padding: 0; border: 0; background: none; text-align: inherit; text-decoration: underline; }
    [part=button] { min-block-size: 2.75rem; padding: .4rem 1.1rem; border: 1px solid var(--line); border-radius: 8px; background: none; color: inherit; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 4px; } [tabindex="-1"]:focus { outline: none; }
    header { margin-block-end: 1.5rem; } header > * + * { margin-block-start: .5rem; }
    header [part=button] { margin-block-end: 1rem; }
    .about, [part=review] { color: var(--soft); font-size: .9em; } .about > * { display: inline; margin-inline-end: .75em; } .about p { display: inline; }
    [part=status] { display: inline-block; color: var(--warn); font-weight: 650; }
    [part=safety] { display: grid; gap: .9rem; }
    [part=sample], [part=notice], [part=advice], [part=message] { border-radius: 10px; padding: 1rem 1.2rem; border-inline-start: 5px solid var(--warn); background: var(--warn-paper); }
    [part=advice], [part=message] { border-color: var(--urgent); background: var(--urgent-paper); } [part=sample] { font-weight: 600; }
    [part=message] > * + * { margin-block-start: .9rem; } [part=emergency] { font-weight: 650; font-size: 1.1em; }
    [part=contacts]:empty { display: none; } section > [part=message] + [part=contacts] { margin-block-start: 1.25rem; } [part=contacts] ul { list-style: none; padding: 0; display: grid; gap: .6rem; }
    [part=contact] { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem 1rem; margin: 0; }
    [part=contact] small { color: var(--soft); flex-basis: 100%; }
    [part=call] { padding: .5rem 1.1rem; min-block-size: 1.75rem; border-radius: 8px; background: var(--accent); color: var(--paper); font-weight: 650; text-decoration: none; }
    [part=summary] { margin-block-start: 1.75rem; font-size: 1.15em; }
    [part=text] > * + * { margin-block-start: .8em; } [part=section] { margin-block-start: 2rem; } [part=heading] { font-size: 1.3rem; margin-block-end: .7rem; }
    .warning { border-inline-start: 4px solid var(--warn); padding-inline-start: 1rem; margin-block: 1rem; }
    [part=review] { margin-block-start: 2.25rem; padding-block-start: 1rem; border-block-start: 1px solid var(--line); }
    /* What must be shown is: inside a shadow tree !important outweighs the page's ::part(). */
    [part=sample], [part=notice], [part=advice], [part=message], [part=emergency] { display: block !important; visibility: visible !important; opacity: 1 !important; }
    [part=source] { display: inline !important; visibility: visible !important; opacity: 1 !important; }
  `);

  // A page that demands Trusted Types allows this policy by its name.
  const trusted = window.trustedTypes?.createPolicy("recovery-article", { createHTML: (html) => html }) ?? { createHTML: (html) => html };

  const nearest = (tag) => {
    const wanted = tag.toLowerCase();
    const tags = Object.keys(WORDS);
    return tags.find((known) => known.toLowerCase() === wanted) ?? tags.find((known) => known.split("-")[0] === wanted.split("-")[0].toLowerCase()) ?? "en";
  };

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function button(part, text, press) {
    const element = make("button", { type: "button", part }, text);
    element.addEventListener("click", press);
    return element;
  }

  // The API's own sanitised HTML is the only markup that is parsed, in a template, where nothing is loaded yet.
  function parsed(html, open) {
    const template = document.createElement("template");
    template.innerHTML = trusted.createHTML(html);
    for (const heading of template.content.querySelectorAll("h2, h3, h4")) heading.setAttribute("aria-level", Number(heading.tagName[1]) + 1);
    for (const image of template.content.querySelectorAll("img")) {
      if (new URL(image.getAttribute("src"), API).origin !== API.origin) image.replaceWith(image.alt);
    }
    for (const link of template.content.querySelectorAll("a")) {
      link.rel = "noreferrer"; // where somebody goes from here does not tell what they read
      link.dir = "auto"; // an address reads from left to right in any text
      if (link.dataset.article) link.replaceWith(button("link", link.textContent, () => open(link.dataset.article)));
    }
    return template.content;
  }

  async function get(path, query, signal) {
    const url = new URL(path, API);
    url.search = new URLSearchParams(query);
    // A copy in the browser's cache is shown only when the API says that it is still true.
    const response = await fetch(url, { cache: "no-cache", credentials: "omit", referrerPolicy: "no-referrer", signal });
    return response.json();
  }

  class RecoveryArticle extends HTMLElement {
    static observedAttributes = ["id", "lang", "region"];
    #root = this.attachShadow({ mode: "open" });
    #help = make("section", { part: "contacts" });
    #trail = []; // the articles that were opened from this one, the last is shown
    #shown = "";
    #reading = null;
    #readAt = 0;
    #timer = 0;
    #listening = null;

    connectedCallback() {
      this.#root.adoptedStyleSheets = [STYLE];
      this.#listening = new AbortController();
      const { signal } = this.#listening;
      const isDue = () => Date.now() - this.#readAt >= REFRESH_MS;
      document.addEventListener("visibilitychange", () => document.hidden || !isDue() || this.#read(), { signal });
      window.addEventListener("pageshow", () => isDue() && this.#read(), { signal });
      window.addEventListener("online", () => this.#read(), { signal });
      this.#start();
    }

    disconnectedCallback() {
      this.#listening.abort();
      this.#reading?.abort();
      clearTimeout(this.#timer);
    }

    attributeChangedCallback(name, before, after) {
      if (!this.isConnected || !this.#listening || before === after) return;
      if (name === "id") this.#trail = [];
      this.#start();
    }

    get #words() {
      return WORDS[nearest(this.lang)];
    }

    #start() {
      const { loading } = this.#words;
      this.#help.replaceChildren();
      this.#show(loading, () => make("p", { role: "status", tabindex: -1 }, loading));
      this.#read();
    }

    // Reads anew. What is shown stays until the answer is there, and no longer.
    async #read() {
      this.#reading?.abort();
      clearTimeout(this.#timer);
      const reading = new AbortController();
      const patience = setTimeout(() => reading.abort(), PATIENCE_MS);
      this.#reading = reading;
      this.#readAt = Date.now();
      const query = this.lang ? { lang: this.lang } : {};
      const reference = this.#trail.at(-1) ?? this.id;
      const contacts = this.#readContacts(query, reading);
      const found = reference
        ? await get(`articles/${encodeURIComponent(reference)}/`, query, reading.signal).catch(() => ({ code: "failed" }))
        : { code: "not-found" };
      if (this.#reading !== reading || !this.isConnected) return;
      let shown = found.code ? this.#close(found) : "published";
      try {
        if (!found.code) this.#show(JSON.stringify(found), () => this.#article(found));
      } catch (error) {
        console.warn("recovery-article:", error);
        shown = this.#close({ code: "failed" });
      }
      this.#timer = setTimeout(() => this.#read(), shown === "failed" ? AGAIN_MS : REFRESH_MS);
      await contacts;
      clearTimeout(patience);
    }

    async #readContacts(query, reading) {
      const region = this.getAttribute("region");
      const found = region ? await get("help-contacts/", { ...query, region, fallback: "default" }, reading.signal).catch(() => ({})) : {};
      if (this.#reading !== reading) return;
      const words = this.#words;
      const items = (found.results ?? []).map((contact) => this.#contact(contact, words));
      this.#help.replaceChildren(...(items.length ? [make("h3", { id: "help" }, words.help), make("ul", {}, ...items)] : []));
    }

    #contact(contact, words) {
      const number = make("bdi", { dir: "ltr" }, contact.display);
      const call = contact.channels.includes("phone") ? make("a", { part: "call", href: `tel:${contact.number}` }, `${words.call} `, number) : number;
      const name = make("span", { lang: contact.lang, dir: contact.direction }, contact.name);
      const hours = make("bdi", { dir: "ltr", class: "hours" }, contact.hours);
      return make("li", { part: "contact" }, call, name, hours, ...(contact.verification === "overdue" ? [make("small", {}, words.stale)] : []));
    }

    // Instead of the text, whatever the reason: what to do in an emergency. The last copy is never shown.
    #close(problem) {
      const isMissing = problem.code === "not-found" || [400, 404].includes(problem.status);
      const kind = ["held", "gone", "recalled"].includes(problem.code) ? problem.code : isMissing ? "missing" : "failed";
      if (problem.detail) console.warn(`recovery-article: ${problem.code}: ${problem.detail}`);
      const words = this.#words;
      this.#show(kind + words.loading, () =>
        make("section", { role: "alert", "data-state": kind, tabindex: -1 },
          ...this.#back(words),
          make("div", { part: "message" }, make("p", {}, words[kind]), make("p", { part: "emergency" }, words.emergency)),
          this.#help,
          ...(kind === "failed" ? [make("p", {}, button("button", words.retry, () => this.#start()))] : [])));
      return kind;
    }

    #article(found) {
      const words = WORDS[nearest(found.lang)];
      const open = (id) => this.#open(id);
      const title = make("h2", { part: "title", id: "title", tabindex: -1 }, found.title);
      const { origin, status } = found.translation;
      const states = [status === "outdated" && words.outdated, origin === "machine" && words.machine].filter(Boolean);
      const source = make("span", { part: "source" }, `${words.source} `, parsed(found.attribution.html, open));
      const about = make("div", { class: "about" }, source, ...states.map((state) => make("strong", { part: "status" }, state)));
      const first = [];
      const sections = found.sections.map((section) => {
        const own = section.blocks.filter((block) => {
          const leads = ["sample", "notice", "advice"].includes(block.type);
          if (leads) first.push(make("div", { part: block.type }, parsed(block.html, open)));
          return !leads;
        });
        const text = make("div", { part: "text" }, parsed(own.map((block) => block.html).join(""), open));
        return make("section", { part: "section" }, make("h3", { part: "heading" }, section.heading), text);
      });
      // The numbers stand below the first advice, which says to call; the rest of the advice may be long.
      const called = first.findIndex((box) => box.part.contains("advice")) + 1;
      first.splice(called || first.length, 0, this.#help);
      const date = (day) => new Intl.DateTimeFormat(found.lang, { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));
      const review = found.review ? `${words.reviewed} ${date(found.review.reviewed_on)}` : words.unreviewed;
      return make("article", { part: "article", "aria-labelledby": "title", lang: found.lang, dir: found.direction, "data-state": "published" },
        make("header", {}, ...this.#back(words), title, about),
        make("section", { part: "safety", "aria-label": words.first }, ...first),
        ...(found.summary ? [make("p", { part: "summary" }, found.summary)] : []),
        ...sections,
        make("footer", { part: "review" }, review));
    }

    #back(words) {
      return this.#trail.length ? [button("button", words.back, () => { this.#trail.pop(); this.#start(); })] : [];
    }

    // A link to another article opens it here, unless the page takes it to an address of its own.
    #open(id) {
      const event = new CustomEvent("recovery-article-open", { bubbles: true, cancelable: true, detail: { id, lang: this.lang } });
      if (!this.dispatchEvent(event)) return;
      this.#trail.push(id);
      this.#start();
    }

    // Puts something new in place of what is there; whoever had the focus in it is at its beginning.
    #show(what, build) {
      if (what === this.#shown) return;
      const hadFocus = this.#root.activeElement;
      const all = make("div", { class: "all", lang: nearest(this.lang), dir: nearest(this.lang) === "ar" ? "rtl" : "ltr" }, build());
      this.#shown = what;
      this.#root.replaceChildren(all);
      if (hadFocus) this.#root.querySelector("[tabindex='-1']").focus();
    }
  }

  customElements.define("recovery-article", RecoveryArticle);
})();
