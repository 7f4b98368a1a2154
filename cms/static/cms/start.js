// Copies a command. Without this file, or where a browser does not let a page copy, one click selects the line.
if (navigator.clipboard && window.isSecureContext) {
  for (const button of document.querySelectorAll(".command button")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
}
