drop function app.mark(text);
