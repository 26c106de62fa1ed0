drop view app.six;
