alter table app.one drop column note;
