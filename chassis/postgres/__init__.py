"""PostgreSQL: connections, pools, named queries, schema checks, leader election by advisory lock."""
