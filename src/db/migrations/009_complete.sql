-- A chain is proven up to its last page; whether that was the end is told, too.
comment on column sluice.coverage.complete is 'false: a snapshot whose first list has not come to its end, or a chain whose last page was not the end';
