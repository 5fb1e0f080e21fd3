"""The demo: a fictional program of thirty months, made by the product's own actions from one seed."""
