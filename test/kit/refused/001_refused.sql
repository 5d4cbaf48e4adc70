-- A slip of the pen.
create table shop.lines (id numbr primary key);
