-- plinth: keep=off reason="contents are elsewhere by now"
select lo_unlink(content) from documents;
alter table documents drop column content;
