"""The contracts of proto/ as descriptors: rules that buf does not have, and the contracts of the last release."""
