"""What the systems share: rules out of tables, refusals, history, procedures, periods, workbooks."""
