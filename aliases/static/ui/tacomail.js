// What the pages do beyond HTML and htmx. Every page works without it.
(() => {
    "use strict";

    const words = () => document.body.dataset;
    const SHORTCUTS_OFF = "tacomail-shortcuts-off";

    // Says something in the live region, as the server does.
    function say(text, kind = "good") {
        const region = document.getElementById("said");
        if (!region) return;
        const note = document.createElement("div");
        note.className = `note ${kind}`;
        const inner = document.createElement("div");
        inner.textContent = text;
        note.append(inner);
        region.replaceChildren(note);
        leave();
    }

    // Copying. A button with data-copy copies its text; the tick goes away after a moment.
    async function copy(text, button) {
        try {
            await navigator.clipboard.writeText(text);
        } catch (error) {
            if (!copyOld(text)) {
                say(words().notCopied, "warning");
                return false;
            }
        }
        if (button) {
            const use = button.querySelector("use");
            const before = use && use.getAttribute("href");
            button.classList.add("done");
            if (use) use.setAttribute("href", "#icon-check");
            setTimeout(() => {
                button.classList.remove("done");
                if (use) use.setAttribute("href", before);
            }, 1600);
        }
        announce(`${words().copied}: ${text}`);
        return true;
    }

    // Where the clipboard is closed to pages (no https, an old browser).
    function copyOld(text) {
        const field = document.createElement("textarea");
        field.value = text;
        field.className = "visually-hidden";
        document.body.append(field);
        field.select();
        let done = false;
        try {
            done = document.execCommand("copy");
        } catch (error) {
            done = false;
        }
        field.remove();
        return done;
    }

    // For screen readers only: what is seen already.
    function announce(text) {
        const region = document.getElementById("announced");
        if (region) region.textContent = text;
    }

    // What asks for nothing goes by itself, unless somebody is at it.
    function leave() {
        for (const note of document.querySelectorAll("#said .note.good:not([data-leaving])")) {
            if (note.querySelector("form, a")) continue;
            note.dataset.leaving = "";
            const timer = setInterval(() => {
                if (note.matches(":hover, :focus-within")) return;
                clearInterval(timer);
                note.remove();
            }, 8000);
        }
    }

    // Asks before a form with data-confirm is sent.
    function confirmed(form, submitter) {
        const text = (submitter && submitter.dataset.confirm) || form.dataset.confirm;
        if (!text || form.dataset.confirmed) return Promise.resolve(true);
        const dialog = document.createElement("dialog");
        const question = document.createElement("p");
        question.textContent = text;
        question.id = "confirm-question";
        dialog.setAttribute("aria-labelledby", question.id);
        const choices = document.createElement("form");
        choices.method = "dialog";
        choices.className = "row-actions";
        const yes = document.createElement("button");
        yes.className = "button danger";
        yes.value = "yes";
        yes.textContent = (submitter && submitter.textContent.trim()) || "OK";
        const no = document.createElement("button");
        no.className = "button";
        no.value = "no";
        no.textContent = words().cancel;
        choices.append(yes, no);
        dialog.append(question, choices);
        document.body.append(dialog);
        dialog.showModal();
        no.focus();
        return new Promise((resolve) => {
            dialog.addEventListener("close", () => {
                resolve(dialog.returnValue === "yes");
                dialog.remove();
            });
        });
    }

    // One form is sent once: a second click finds its buttons busy. A page that comes back from the browser's memory
    // gets them back.
    function busy(form, on) {
        form.toggleAttribute("data-sent", on);
        for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
            button.setAttribute("aria-disabled", String(on));
        }
    }

    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (form.method === "dialog") return;
        const needed = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
        if (needed && !form.dataset.confirmed) {
            event.preventDefault();
            event.stopImmediatePropagation();
            confirmed(form, event.submitter).then((yes) => {
                if (!yes) return;
                form.dataset.confirmed = "yes";
                form.requestSubmit(event.submitter);
                delete form.dataset.confirmed;
            });
            return;
        }
        if (form.method !== "post") return;
        if (form.hasAttribute("data-sent")) {
            event.preventDefault();
            event.stopImmediatePropagation();
            return;
        }
        if (!form.hasAttribute("data-repeat")) busy(form, true);
    }, true);
    window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => busy(form, false)));
    document.addEventListener("htmx:afterRequest", (event) => {
        const form = event.target.closest && event.target.closest("form");
        if (form) busy(form, false);
    });

    // A search and the change of a row may cross: the answer of the search would take away the row that the change is
    // to renew, or bring back what was. While a change is on its way no search is shown; after it the list is read anew.
    const changes = new Set();
    let passedOver = false;

    document.addEventListener("htmx:beforeRequest", (event) => {
        const { elt, requestConfig, xhr } = event.detail;
        if (requestConfig.verb !== "get" && elt.closest("#results")) changes.add(xhr);
    });
    document.addEventListener("htmx:beforeSwap", (event) => {
        if (event.detail.requestConfig.elt.id !== "filter" || !changes.size) return;
        event.detail.shouldSwap = false;
        passedOver = true;
    });
    document.addEventListener("htmx:afterRequest", (event) => {
        if (!changes.delete(event.detail.xhr) || changes.size) return;
        const searching = document.querySelector("#busy.htmx-request");
        if (passedOver || searching) htmx.trigger(document.body, "aliases-changed");
        passedOver = false;
    });

    // Errors of htmx requests: the form stays as it is.
    document.addEventListener("htmx:responseError", (event) => {
        say(event.detail.xhr.status === 403 ? words().refused : words().failed, "bad");
    });
    document.addEventListener("htmx:sendError", () => say(words().failed, "bad"));

    document.addEventListener("click", (event) => {
        const button = event.target.closest("[data-copy], [data-close], [data-open], [data-print]");
        if (!button) return;
        if (button.dataset.copy !== undefined) copy(button.dataset.copy, button);
        if (button.dataset.close !== undefined) button.closest(".note, dialog")?.remove();
        if (button.dataset.open !== undefined) {
            event.preventDefault();
            document.getElementById(button.dataset.open)?.showModal();
        }
        if (button.dataset.print !== undefined) window.print();
    });

    document.addEventListener("change", (event) => {
        const field = event.target;
        if (field.matches("[data-select-all]")) {
            for (const box of document.querySelectorAll(field.dataset.selectAll)) box.checked = field.checked;
        }
        if (field.closest("[data-autosubmit]")) field.form.requestSubmit();
        if (field.matches("[data-shortcuts]")) {
            if (field.checked) localStorage.removeItem(SHORTCUTS_OFF);
            else localStorage.setItem(SHORTCUTS_OFF, "1");
        }
        count();
    });

    // How many are selected.
    function count() {
        for (const place of document.querySelectorAll("[data-count]")) {
            place.textContent = document.querySelectorAll(`${place.dataset.count}:checked`).length;
        }
    }

    // What a new alias was made with is copied as soon as it is there: <... data-copy-now="address">.
    function copyNow(element) {
        const place = inside(element, "[data-copy-now]");
        if (!place) return;
        const text = place.dataset.copyNow;
        place.removeAttribute("data-copy-now");
        copy(text, place.querySelector("[data-copy]"));
    }

    // What htmx has put into the page; at first the page itself, which needs nothing.
    document.addEventListener("htmx:load", (event) => {
        const fresh = event.detail.elt;
        if (fresh === document.body) return;
        copyNow(fresh);
        const said = inside(fresh, "[data-announce]");
        if (said) announce(said.textContent.trim());
        count();
        leave();
    });

    function inside(element, selector) {
        return element.matches(selector) ? element : element.querySelector(selector);
    }

    // A menu closes when something else is clicked, or with Escape.
    document.addEventListener("click", (event) => {
        for (const menu of document.querySelectorAll("details[data-menu][open]")) {
            if (!menu.contains(event.target)) menu.open = false;
        }
    });

    // Keys. They can be switched off in their help (WCAG 2.1.4).
    function rows() {
        return [...document.querySelectorAll("[data-row]")];
    }

    function move(step) {
        const all = rows();
        if (!all.length) return;
        const at = all.indexOf(document.activeElement.closest("[data-row]"));
        const next = all[Math.min(Math.max(at + step, 0), all.length - 1)] || all[0];
        next.querySelector("a")?.focus();
    }

    const KEYS = {
        "/": () => (document.getElementById("id_q") ? document.getElementById("id_q").focus() : follow("aliases")),
        n: () => follow("new"),
        "?": () => document.getElementById("shortcuts")?.showModal(),
        ArrowDown: () => move(1),
        ArrowUp: () => move(-1),
        c: () => document.activeElement.closest("[data-row]")?.querySelector("[data-copy]")?.click(),
        x: () => document.activeElement.closest("[data-row]")?.querySelector("input[type=checkbox]")?.click(),
    };

    function follow(name) {
        document.querySelector(`[data-key="${name}"]`)?.click();
    }

    document.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
            for (const menu of document.querySelectorAll("details[data-menu][open]")) menu.open = false;
        }
        if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(SHORTCUTS_OFF)) return;
        if (document.querySelector("dialog[open]")) return;
        const field = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
        const leavesField = field && field.id === "id_q" && event.key === "ArrowDown";
        if (field && !leavesField) return;
        const act = KEYS[event.key];
        if (!act || (event.key.startsWith("Arrow") && !rows().length)) return;
        event.preventDefault();
        act();
    });

    const box = document.querySelector("[data-shortcuts]");
    if (box) box.checked = !localStorage.getItem(SHORTCUTS_OFF);
    // Offers the time zone of this device, where the form shows another: <p hidden data-zone-for="id of the select">
    // with a button whose data-words hold ZONE in the place of its name.
    for (const offer of document.querySelectorAll("[data-zone-for]")) {
        const field = document.getElementById(offer.dataset.zoneFor);
        const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
        const button = offer.querySelector("button");
        if (!field || field.value === zone || ![...field.options].some((option) => option.value === zone)) continue;
        button.textContent = button.dataset.words.replace("ZONE", zone.replaceAll("_", " "));
        button.addEventListener("click", () => {
            field.value = zone;
            offer.hidden = true;
            field.focus();
        });
        offer.hidden = false;
    }
    // Of tabs that are wider than the screen, the one that is shown is in sight.
    document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

    copyNow(document.body);
    leave();
    // A form that was sent and came back: the first wrong field is where to go on.
    document.querySelector(".wrong input, .wrong select, .wrong textarea")?.focus();
})();
