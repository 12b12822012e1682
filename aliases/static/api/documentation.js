// Shows an OpenAPI document with Swagger UI, in the theme of the site.
(() => {
  "use strict";

  const place = document.getElementById("documentation");
  const chosen = document.documentElement.dataset.theme;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => document.documentElement.classList.toggle("dark-mode", chosen ? chosen === "dark" : dark.matches);
  follow();
  dark.addEventListener("change", follow);

  // Who is signed in on the site may try things out without a token; the site then wants to see this beside its cookie.
  const csrfToken = () =>
    document.cookie.split("; ").find((cookie) => cookie.startsWith(`${place.dataset.csrfCookie}=`))?.split("=")[1];

  window.SwaggerUIBundle({
    url: place.dataset.document,
    domNode: place,
    deepLinking: true,
    displayRequestDuration: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    persistAuthorization: false, // a token stays in this page, and goes with it
    syntaxHighlight: { theme: "agate" },
    validatorUrl: null, // nothing is sent elsewhere
    requestInterceptor: (request) => {
      const token = csrfToken();
      if (token && new URL(request.url, location.href).origin === location.origin) request.headers["X-CSRFToken"] = token;
      return request;
    },
  });
})();
