// A page about something that goes on by itself shows every few seconds how far it is, while somebody looks.
setTimeout(function again() {
  if (document.hidden) setTimeout(again, 4000);
  else location.reload();
}, 4000);
