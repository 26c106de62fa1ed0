drop function greet(text);
