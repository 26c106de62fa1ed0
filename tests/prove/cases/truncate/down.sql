select 'nothing to do';
