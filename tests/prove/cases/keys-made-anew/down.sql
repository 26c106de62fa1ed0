delete from plans where name in ('the free plan', 'the paid plan');
