select lo_unlink(content) from documents;
alter table documents drop column content;
