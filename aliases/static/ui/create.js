// The name field of a new alias: a suggestion is there to be typed over, and the name of a site is seen completed. Who
// goes back after sending the form finds it as it was sent, so that sending it again makes nothing more.
(() => {
    "use strict";

    const form = document.getElementById("new-alias");
    if (!form) return;
    const part = () => document.getElementById("name-part");
    const field = () => form.elements.namedItem("name");
    const KEPT = "newAlias";

    // `shop.` and, behind it, what will follow: in the field itself, and as the whole address below it.
    function complete() {
        const typed = field().value.trim();
        const ends = typed.length > 1 && typed.endsWith(".");
        const before = document.createElement("span");
        before.textContent = typed;
        part().querySelector(".ghost").replaceChildren(...(ends ? [before, part().dataset.tail] : []));
        const chosen = form.querySelector("select[name=domain]")?.selectedOptions[0] || form.querySelector(".only-domain");
        const whole = document.getElementById("completed");
        whole.hidden = !ends;
        whole.textContent = ends ? `${typed.toLowerCase()}${part().dataset.tail}@${chosen?.textContent || ""}` : "";
    }

    // Who types over a suggestion need not delete it first.
    function select() {
        if (field().value && field().value === part().dataset.suggested) field().select();
    }

    form.addEventListener("submit", () => {
        const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
        history.replaceState({...history.state, [KEPT]: {fields, data: {...part().dataset}}}, "");
    });

    function restore() {
        const kept = history.state?.[KEPT];
        if (!kept || performance.getEntriesByType("navigation")[0]?.type !== "back_forward") return;
        Object.assign(part().dataset, kept.data);
        for (const element of form.elements) {
            const values = kept.fields.filter(([name]) => name === element.name).map(([, value]) => value);
            if (element.matches("[type=checkbox], [type=radio]")) element.checked = values.includes(element.value);
            else if (values.length) element.value = values[0];
        }
    }

    form.addEventListener("input", complete);
    form.addEventListener("focusin", (event) => event.target === field() && select());
    document.addEventListener("htmx:load", complete);
    restore();
    if (document.activeElement === field()) select();
    complete();
})();
