update prices set cents = cents - 5;
